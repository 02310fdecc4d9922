/** Version that clients are told: the last of Redis and first of Valkey, whose commands the embedded server has a part of. */
export const SERVER_VERSION = '7.2.4';
