/*
 * How words are counted in the page. `alliance/words.py` explains the rule and holds the same
 * three tables of code points; a test compares them. EDGE is what Python strips from both ends.
 */
const SPACE = "9-d 1c-20 85 a0 1680 2000-200b 2028-2029 202f 205f 3000 feff";
const SINGLE = "2e80-2fdf 3005-3007 3040-30ff 31f0-31ff 3400-4dbf 4e00-9fff f900-faff ff66-ff9f 1aff0-1b16f 20000-3ffff";
const UNSPACED = "e00-eff 1780-17ff 19e0-19ff";
const EDGE = "9-d 1c-20 85 a0 1680 2000-200a 2028-2029 202f 205f 3000";

const characters = (ranges) => ranges.replace(/[0-9a-f]+/g, "\\u{$&}").replaceAll(" ", "");
const WORD = new RegExp(
  `[${characters(SINGLE)}]|([${characters(UNSPACED)}]+)|[^${characters(`${SPACE} ${SINGLE} ${UNSPACED}`)}]+`,
  "gu",
);
const EDGES = new RegExp(`^[${characters(EDGE)}]+|[${characters(EDGE)}]+$`, "gu");

function countWords(text) {
  let words = 0;
  for (const [, unspaced] of text.matchAll(WORD)) {
    words += unspaced ? Math.ceil([...unspaced].length / 3) : 1;
  }
  return words;
}

function countCharacters(text) {
  return [...text.replace(EDGES, "")].length;
}
