/** Codes of the processes room: why a daemon or a command did not do what was asked. */
export const PROCESSES_CODES = {
  PROCESSES_CONFIG_SYNTAX: "The settings file is not valid TOML; correct the line that is named.",
  PROCESSES_CONFIG_KEY:
    "The settings file has a key that does not exist; correct its name or delete the line.",
  PROCESSES_CONFIG_VALUE: "A value in the settings is not allowed; correct the key that is named.",
  PROCESSES_CONFIG_GIVEN:
    "The settings come from a file that the daemon only reads; change it there and start the " +
    "daemon again.",
  PROCESSES_CONFIG_READ:
    "The settings file cannot be read; check its path, its owner and its permissions.",
  PROCESSES_CONFIG_EDIT:
    "The settings file is written in a way that this command does not change; edit it by hand.",
  PROCESSES_BACKUP_EXISTS:
    "There is something of that name already, and it was left as it is; name a new folder.",
  PROCESSES_BACKUP_DAMAGED:
    "That folder is no whole backup of this network, so nothing was put back; name another copy.",
  PROCESSES_RESTORE_EXISTS:
    "This data folder has a network already, and it was left as it is; restore into a new folder " +
    "(VIVIAN_HOME).",
  PROCESSES_SERVICE_SYSTEM:
    "This system has no service of that kind; have its own scheduler run `vivian up`, or leave " +
    "--system away.",
  PROCESSES_SERVICE_ROOT:
    "A service of the whole machine is made by root; run it with sudo, or without --system for " +
    "you alone.",
  PROCESSES_SERVICE_NONE: "No service is installed here; make one with `vivian service install`.",
  PROCESSES_SERVICE_STOPPED:
    "The service is installed and does not run; the lines above say why, start it with the " +
    "system's own command.",
  PROCESSES_SERVICE_COMMAND:
    "A command of the system refused, so the service was written and does not run; read what it " +
    "said.",
  PROCESSES_METRICS_OPEN:
    "Metrics would be open to other machines without a token; set page.metrics_token_file, or " +
    "listen on 127.0.0.1.",
  PROCESSES_DOCTOR:
    "Something that the program needs is at fault; each line with FAULT says how to mend it.",
  PROCESSES_HOME:
    "The data folder cannot be used; check its owner and permissions, or set VIVIAN_HOME.",
  PROCESSES_DISK_FULL: "The disk is full; nothing stored is lost, free some space and start again.",
  PROCESSES_DAEMON_RUNNING:
    "A daemon already runs on this data folder; use it, or stop it with `vivian stop`.",
  PROCESSES_DAEMON_START: "The daemon did not start; read the reason that is named, or its log.",
  PROCESSES_ENDING: "The daemon is ending; start it again with `vivian up`.",
  PROCESSES_DAEMON_ENDED:
    "The daemon has ended; the steps done so far are kept, go on with `vivian start`.",
  PROCESSES_STOP_SLOW:
    "Stopping took longer than 5 s and was cut short; stored work is safe and goes on at the " +
    "next start.",
  PROCESSES_LISTING: "There is no sponsored job of that name; `vivian job list` shows the names.",
  PROCESSES_LISTING_CHANGED:
    "This ledger was founded with another version of that job; use a new folder (VIVIAN_HOME), " +
    "or the version that founded it.",
  PROCESSES_JOB: "There is no such job; `vivian job list` shows the jobs.",
  PROCESSES_JOB_AMBIGUOUS: "More than one job begins with that; give more digits of its id.",
  PROCESSES_QUOTE: "The quote is not known any more; ask for it again with the same command.",
  PROCESSES_QUOTE_PAYER:
    "The quote was made for another payer than this order's; ask for it again and name the " +
    "wallet that is to pay.",
  PROCESSES_PAYOUT:
    "config.toml names another payoutAddress than the one this ledger pays, so the daemon did " +
    "not start; put back the address that is named as the ledger's, or delete the line to keep it.",
  PROCESSES_BALANCE:
    "The balance does not cover the price, so nothing was charged; ask for fewer steps.",
  PROCESSES_MODEL_FILE:
    "The model file cannot be read; check its path, its permissions and that it is small text.",
  PROCESSES_MODEL_START:
    "The weights are those of another network than the job's; give the model they belong to.",
  PROCESSES_MODEL_WEIGHTS:
    "The model has layers and no weights; give one that was trained, or train it with a job.",
  PROCESSES_MODEL_DATA:
    "The model takes another kind of data; correct its input or classes, or leave --model away.",
  PROCESSES_NO_WRITER:
    "The job's model does not write text; name a job on text, or look at it with `job show`.",
  PROCESSES_PROMPT:
    "The prompt is empty or has characters that the model never saw; give --prompt with others.",
  PROCESSES_NOT_TEXT:
    "The data is not text, and tokens, context, layers and width are a text's; leave them away.",
  PROCESSES_TEXT_SIZE:
    "A model of your own has its layers and widths; leave --layers and --width away, or --model.",
  PROCESSES_IMPORT_ENDED:
    "The process that reads data ended early, and nothing was submitted; try less data at once.",
  PROCESSES_IMPORT_SLOW:
    "Reading the data took longer than 10 minutes and was stopped; try less data at once.",
  PROCESSES_IMPORT_BUSY: "Other data is being read at this moment; try again when it is done.",
  PROCESSES_NOT_PAID: "The job has no accepted weights; `vivian job show` says where it stands.",
  PROCESSES_WEIGHTS_GONE:
    "The trained weights are not on this machine any more; submit the job again.",
  PROCESSES_WEIGHTS_ROOT:
    "The stored weights are not those the ledger names, so none were written; see the facts.",
  PROCESSES_OUTPUT:
    "The files cannot be written there; name another folder with --out or free some space.",
  PROCESSES_BENCH:
    "A process of `vivian bench` ended, hung or answered nonsense; the reason has its last " +
    "words, so mend what they say and run it again.",
  PROCESSES_DEVICE:
    "The device asked for in config.toml is not usable here; `vivian devices` says why.",
  PROCESSES_DATASET: "The data set has not been packed; run `npm start` once, which packs it.",
  PROCESSES_RESULT_DAMAGED:
    "A kept result of an ended unit is damaged and not used, while ledger and receipts still " +
    "tell what was paid; delete the file that is named and check the disk.",
  PROCESSES_LEDGER_CHECK:
    "The process that checks the ledger ended without an answer; run the command again.",
  PROCESSES_SNAPSHOT:
    "The process that makes a snapshot ended without one, and nothing was pruned; try it again.",
  PROCESSES_NO_LEDGER: "This folder holds no ledger yet; `vivian start` makes one.",
  PROCESSES_RECEIPT_FILE:
    "The receipt or the genesis document is missing or of another slot; ask for it again with " +
    "the daemon running.",
  PROCESSES_RECEIPT_READ:
    "That file cannot be read or is longer than any receipt; check its path and its permissions.",
  PROCESSES_RECEIPT_NETWORK:
    "The receipt is of another network than the one meant; name its network with --genesis, by a " +
    "genesis hash that you know from elsewhere.",
  PROCESSES_GENESIS:
    "There is no genesis document to check against; name the network's genesis.bin with --genesis.",
  PROCESSES_CHILD: "This program is started by the daemon, not by hand; use `vivian start`.",
  PROCESSES_UNIT_VOIDED:
    "The work unit ended without pay; see the code beside this one for the reason.",
  PROCESSES_INTERRUPTED: "Interrupted; work in hand is kept and goes on at the next start.",
  PROCESSES_INTERNAL: "The program met a fault of its own; stored work is safe, see the message.",
  PROCESSES_DIGEST: "That is not a digest; give 64 hex digits.",
  PROCESSES_INPUT_FILE: "The file cannot be read; check its path, its permissions and its size.",
  PROCESSES_CONTENT: "Content is named once, by its digest or by a file; give --content or --file.",
  PROCESSES_COLLECTION:
    "A vector and its collection belong together; give both --vector and --collection, or neither.",
  PROCESSES_VECTOR: "The file is not a JSON list of numbers; write it like [0.1, -0.5, 1].",
  PROCESSES_WHAT: "Something is published as dataset, model, job or other; name one of them.",
  PROCESSES_PRIVATE_TEXT:
    "What is to be sealed is given once, as words or as a file; give --text or --file.",
  PROCESSES_NOT_SEALED: "That slot holds nothing sealed; look at `vivian private list`.",
  PROCESSES_NO_GRANT:
    "This account has no grant for that content; ask its owner, who can grant it with " +
    "`vivian private grant`.",
} as const;
