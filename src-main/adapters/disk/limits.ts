/** Decides the maxima of the disk adapter, each with its reason. */

/** One entry: C2SP entry bundles carry u16 lengths, so a record stays below 2^16 bytes. */
export const ENTRY_BYTES_MAX = 65_535;

/**
 * Address space lmdb reserves at first, 64 MiB; it grows by itself. Small, because Windows gives
 * the file this size at once.
 */
export const DATABASE_MAP_BYTES = 67_108_864;

/** Address space of the devices' past, 64 MiB, as above: it grows by itself. */
export const TELEMETRY_MAP_BYTES = 67_108_864;

/** Named tables inside the lmdb file; lmdb sizes a table of them when it opens. */
export const DATABASE_TABLES_MAX = 12;

/** Bytes after which the vote log is rewritten with its newest entry alone. */
export const VOTE_LOG_BYTES_MAX = 4_194_304;

/** Bytes of a complete tile: 256 hashes. */
export const TILE_BYTES = 8_192;

/** Tiles in one file, 32 MiB: a million slots. */
export const TILE_FILE_TILES = 4_096;

/** Files of tiles kept open for reading: 64 million slots of a tree. */
export const OPEN_TILE_FILES_MAX = 64;

/**
 * Bytes of entries after which another entry file is begun, 256 MiB: pruning copies less than one
 * of them, and a ledger of terabytes still has few files.
 */
export const ENTRY_SEGMENT_BYTES = 268_435_456;

/** Slots whose places stand in one row of the database: a bundle's worth. */
export const RUN_SLOTS = 256;

/** Runs whose places are in one piece of memory: a million slots, 4 MiB. */
export const PLACE_CHUNK_RUNS = 4_096;

/** Pieces of places in memory, 64 MiB: 16 million slots are found without the database. */
export const PLACE_CHUNKS_MAX = 16;

/** Commits whose state can be read unless the settings say otherwise. */
export const STATE_RETENTION = 256;

/** Bytes of commits' changed pages kept in memory while older states are read, 32 MiB. */
export const PAGE_ROWS_BYTES_MAX = 33_554_432;

/** Bytes of the tags that say which commit changed which page, 8 MiB: some two million pages. */
export const PAGE_TAGS_BYTES_MAX = 8_388_608;

/** Bytes of a page from which on a commit's row holds only what differs: less would save little. */
export const PAGE_DIFFERENCE_LEAST_BYTES = 128;

/**
 * Commits whose pages wait to be carried into their table together. The more, the more often a page
 * changed in the meantime and is written once for all; they are read again at each start.
 */
export const WAITING_COMMITS_MAX = 64;

/** Bytes of pages that wait in memory, 32 MiB. */
export const WAITING_BYTES_MAX = 33_554_432;

/** Bytes of the rows of commits that wait, 64 MiB: they are read again at each start. */
export const REPLAYED_BYTES_MAX = 67_108_864;

/** Bytes copied or written at a time, 4 MiB: a few ms in which nobody else is answered. */
export const COPY_CHUNK_BYTES = 4_194_304;

/** Address space lmdb reserves at first for energy, 16 MiB; it grows by itself. */
export const ENERGY_MAP_BYTES = 16_777_216;

/** Sources or zones that a folder may ever have known: meters are replaced, not many at once. */
export const ENERGY_NAMES_MAX = 4_096;

/** Bytes with which the counting of one source goes on after a restart. */
export const ENERGY_STATE_BYTES_MAX = 1_024;

/** Bytes that the maker of reports may keep with a day: salts of every row of sixty sources. */
export const ENERGY_DAY_KEPT_BYTES_MAX = 4_194_304;
