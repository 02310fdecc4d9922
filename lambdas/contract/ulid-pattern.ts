/** ULIDs as the specification spells them: 26 Crockford characters in upper case, the first at most 7. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
