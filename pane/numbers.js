// Numbers as people type them, against the digits of a conversation. Pure.

const SHORTEST = 6; // digits: what is shorter says too little to be compared by its end

/** Whether a number as it stands on a record can be the one with these digits (country code first, no plus sign). */
export function isSameNumber(typed, digits) {
  const plain = typed
    .replace(/(?:[;,x#]|ext).*$/i, "") // an extension
    .replace(/\(0\)/g, "") // +46 (0)70
    .trim();
  const own = plain.replace(/\D/g, "");
  if (/^(\+|00)/.test(plain)) return own.replace(/^00/, "") === digits;
  const national = own.replace(/^0+/, "");
  return national.length >= SHORTEST && digits.endsWith(national);
}
