/** Names of files and columns as messages print them: whatever a name holds, it stays on its line and moves no cursor. */

/**
 * The name, with control characters, line breaks and marks that turn the direction of text written as `\n`, `\x1b` or
 * `\u202e`. All other characters stay as they are.
 */
export function showName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return name.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return short[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
