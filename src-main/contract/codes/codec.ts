/** Codes of the codec room: why bytes were not read as the value they claim to be. */
export const CODEC_CODES = {
  CODEC_TRUNCATED:
    "The bytes end before the value does; fetch them again, and drop the sender if it repeats.",
  CODEC_TRAILING: "Bytes follow the end of the value, which has one encoding only; fetch it again.",
  CODEC_LIMIT:
    "A length or count is above the format's named maximum; send fewer or smaller items.",
  CODEC_VALUE:
    "A field holds what its type does not allow (tag, flag, text or order); correct that field.",
  CODEC_HEX: "The text is not an even number of hex digits; check what was copied.",
} as const;
