/**
 * The form under which an address is stored and looked up. Strictly the part before the @ is case-sensitive (RFC 5321);
 * in practice no provider tells `Ann@` and `ann@` apart, and people type both.
 */
export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
