/** Codes of the data import adapter: why a user's own data is not taken. */
export const DATA_IMPORT_CODES = {
  DATA_IMPORT_MISSING: "A file or folder of the data is not there; check the path and its parts.",
  DATA_IMPORT_UNREADABLE:
    "A file or folder of the data cannot be read; check its permissions and where links lead.",
  DATA_IMPORT_KIND:
    "The path is none of the kinds of data; give IDX, CSV or text files, or folders of PNG files.",
  DATA_IMPORT_AMBIGUOUS:
    "The folder holds more than one IDX data set; give the path of one train-images file.",
  DATA_IMPORT_CORRUPT: "A file of the data is damaged or cut short; fetch or save it again.",
  DATA_IMPORT_COUNT_MISMATCH:
    "There are not as many labels as images; give the label file that belongs to the images.",
  DATA_IMPORT_SIZE_MIXED:
    "The images do not all have one size; scale them to the same width and height.",
  DATA_IMPORT_IMAGE_SIZE: "An image is too large; scale all images to at most the given side.",
  DATA_IMPORT_CHANNELS:
    "An image is neither grey nor opaque colour of 8 bits; save it as grey or RGB with 8 bits.",
  DATA_IMPORT_LABEL_RANGE:
    "A label is out of range; number the classes from 0 to at most 255 without gaps.",
  DATA_IMPORT_LABEL: "A row's label is empty or too long; write the class first in every row.",
  DATA_IMPORT_NUMBER:
    "A cell is not a finite number; mend that row and column or leave the row out.",
  DATA_IMPORT_RAGGED_ROW:
    "A row has another number of cells than the first; mend that row or leave it out.",
  DATA_IMPORT_NO_FEATURES:
    "The rows have a label and nothing else; write label and numbers, with commas between them.",
  DATA_IMPORT_CSV_FORM:
    "A row breaks the rules of CSV; mend its quotes, each field's closing quote ends the field.",
  DATA_IMPORT_EMPTY_CLASS:
    "A class has no samples; add some, or leave the class and its number out.",
  DATA_IMPORT_SINGLE_SAMPLE:
    "A class has one sample, which cannot be both learned and held out; add some or leave it out.",
  DATA_IMPORT_ONE_CLASS: "There is only one class, so nothing can be told apart; add a second.",
  DATA_IMPORT_NO_SAMPLES: "There are no samples in the data; give files that hold some.",
  DATA_IMPORT_TOO_MANY_CLASSES:
    "There are more classes than can be told apart; the first column must be the class.",
  DATA_IMPORT_TEXT_ENCODING: "A text is not UTF-8; save it as UTF-8, or mend the named line.",
  DATA_IMPORT_TEXT_SHORT:
    "The text is too short to be cut into blocks; give more of it, or a shorter context.",
  DATA_IMPORT_TEXT_SYMBOLS:
    "The text has more different characters than a model can tell apart; take bytes as tokens.",
  DATA_IMPORT_TEXT_UNKNOWN:
    "The text has something that the model's tokens cannot write; leave that out of it.",
  DATA_IMPORT_TOO_LARGE: "The data is larger than the named limit; give a part of it.",
} as const;
