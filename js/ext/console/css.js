// The styles of the %c directive: a few CSS declarations turned into ANSI codes. Bad declarations
// are ignored; never throws.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypePush,
  MathFloor,
  MathMax,
  MathMin,
  Number,
  NumberParseInt,
  RegExpPrototypeExec,
  StringPrototypeSlice,
  StringPrototypeToLowerCase,
  StringPrototypeTrim,
} = primordials;

/** CSS Color Module Level 4, named colours, as "name:rrggbb" words. */
const NAMED_COLORS = `
aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc
bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a
burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50
cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b
darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b
darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f
darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff
dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0
forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520
gray:808080 green:008000 greenyellow:adff2f grey:808080 honeydew:f0fff0 hotpink:ff69b4
indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa lavenderblush:fff0f5
lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff
lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1
lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899
lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32
linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa mediumblue:0000cd
mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee
mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970
mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6
olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa
palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9
peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000
rosybrown:bc8f8f royalblue:4169e1 saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460
seagreen:2e8b57 seashell:fff5ee sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd
slategray:708090 slategrey:708090 snow:fffafa springgreen:00ff7f steelblue:4682b4 tan:d2b48c
teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff
whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32`;

const namedColors = { __proto__: null };
for (const word of NAMED_COLORS.trim().split(/\s+/)) {
  const [name, hex] = word.split(":");
  namedColors[name] = `#${hex}`;
}

/** The colours every terminal has a code of its own for. */
const terminalColors = { __proto__: null };
["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"].forEach((name, index) => {
  terminalColors[name] = index;
});

const NUMBER = "\\s*([+-]?\\d*\\.?\\d+)\\s*";
const HEX_COLOR = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})(?:[\da-f]{2})?$/;
const SHORT_HEX_COLOR = /^#([\da-f])([\da-f])([\da-f])[\da-f]?$/;
const RGB_COLOR = new RegExp(`^rgba?\\(${NUMBER},${NUMBER},${NUMBER}(?:,${NUMBER})?\\)$`);
const HSL_COLOR = new RegExp(
  `^hsla?\\(${NUMBER},\\s*([+-]?\\d*\\.?\\d+)%\\s*,\\s*([+-]?\\d*\\.?\\d+)%\\s*(?:,${NUMBER})?\\)$`,
);

function clamp(value, max) {
  return MathMin(MathMax(value, 0), max);
}

function toByte(value) {
  return clamp(MathFloor(value + 0.5), 255);
}

/** https://www.w3.org/TR/css-color-4/#hsl-to-rgb */
function hslToRgb(hue, saturation, lightness) {
  const amplitude = saturation * MathMin(lightness, 1 - lightness);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return toByte(255 * (lightness - amplitude * MathMax(-1, MathMin(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/**
 * A CSS colour as [red, green, blue], or null.
 * @param {string} text
 * @returns {[number, number, number] | null}
 */
export function parseCssColor(text) {
  text = StringPrototypeToLowerCase(text);
  text = namedColors[text] ?? text;
  let match = RegExpPrototypeExec(HEX_COLOR, text);
  if (match !== null) {
    return [
      NumberParseInt(match[1], 16),
      NumberParseInt(match[2], 16),
      NumberParseInt(match[3], 16),
    ];
  }
  match = RegExpPrototypeExec(SHORT_HEX_COLOR, text);
  if (match !== null) {
    return [
      17 * NumberParseInt(match[1], 16),
      17 * NumberParseInt(match[2], 16),
      17 * NumberParseInt(match[3], 16),
    ];
  }
  match = RegExpPrototypeExec(RGB_COLOR, text);
  if (match !== null) {
    return [toByte(Number(match[1])), toByte(Number(match[2])), toByte(Number(match[3]))];
  }
  match = RegExpPrototypeExec(HSL_COLOR, text);
  if (match === null) return null;
  const turn = Number(match[1]) % 360;
  const hue = turn < 0 ? turn + 360 : turn;
  return hslToRgb(hue, clamp(Number(match[2]), 100) / 100, clamp(Number(match[3]), 100) / 100);
}

/** [property, value] pairs of a declaration list; semicolons in parentheses do not separate. */
function parseDeclarations(text) {
  const declarations = [];
  let depth = 0;
  let key = null;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text[i] : depth === 0 ? ";" : "";
    if (c === "(") {
      depth++;
    } else if (c === ")" && depth > 0) {
      depth--;
    } else if (depth === 0 && key === null && c === ":") {
      key = StringPrototypeTrim(StringPrototypeSlice(text, start, i));
      start = i + 1;
    } else if (depth === 0 && key !== null && c === ";") {
      const value = StringPrototypeTrim(StringPrototypeSlice(text, start, i));
      if (value !== "") ArrayPrototypePush(declarations, [key, value]);
      key = null;
      start = i + 1;
    }
  }
  return declarations;
}

function words(text) {
  const found = [];
  const pattern = /\S+/g;
  for (;;) {
    const match = RegExpPrototypeExec(pattern, text);
    if (match === null) return found;
    ArrayPrototypePush(found, match[0]);
  }
}

/** No style at all. */
export const PLAIN = {
  __proto__: null,
  backgroundColor: null,
  color: null,
  bold: false,
  italic: false,
  decorationColor: null,
  "line-through": false,
  overline: false,
  underline: false,
};

const LINES = [
  ["line-through", 9, 29],
  ["overline", 53, 55],
  ["underline", 4, 24],
];

function setLines(style, names) {
  for (let i = 0; i < LINES.length; i++) style[LINES[i][0]] = false;
  for (let i = 0; i < names.length; i++) {
    if (style[names[i]] === false) style[names[i]] = true;
  }
}

function lineNames(list) {
  const names = [];
  for (let i = 0; i < list.length; i++) {
    for (let j = 0; j < LINES.length; j++) {
      if (LINES[j][0] === list[i]) ArrayPrototypePush(names, list[i]);
    }
  }
  return names;
}

/**
 * The style a %c argument asks for.
 * @param {string} text
 * @returns {typeof PLAIN}
 */
export function parseCss(text) {
  const style = { __proto__: null };
  for (const key in PLAIN) style[key] = PLAIN[key];
  const declarations = parseDeclarations(text);
  for (let i = 0; i < declarations.length; i++) {
    const value = declarations[i][1];
    switch (declarations[i][0]) {
      case "background-color":
        style.backgroundColor = value;
        break;
      case "color":
        style.color = value;
        break;
      case "font-weight":
        if (value === "bold") style.bold = true;
        break;
      case "font-style":
        if (value === "italic" || value === "oblique" || value === "oblique 14deg") {
          style.italic = true;
        }
        break;
      case "text-decoration-line":
        setLines(style, lineNames(words(value)));
        break;
      case "text-decoration-color":
        style.decorationColor = parseCssColor(value) ?? style.decorationColor;
        break;
      case "text-decoration": {
        const list = words(value);
        style.decorationColor = null;
        for (let j = 0; j < list.length; j++) {
          style.decorationColor = parseCssColor(list[j]) ?? style.decorationColor;
        }
        setLines(style, lineNames(list));
        break;
      }
    }
  }
  return style;
}

function colorKey(color) {
  if (color === null) return null;
  const rgb = typeof color === "string" ? parseCssColor(color) : color;
  return rgb === null ? "" : `${rgb[0]};${rgb[1]};${rgb[2]}`;
}

/**
 * Code for a colour: `base` + 0…7 for a terminal colour, `base + 8`;2;r;g;b, or `base + 9` for
 * none.
 */
function colorCode(color, base) {
  if (color !== null && terminalColors[color] !== undefined) {
    return `\x1b[${base + terminalColors[color]}m`;
  }
  const key = colorKey(color);
  return key ? `\x1b[${base + 8};2;${key}m` : `\x1b[${base + 9}m`;
}

function sgr(on, onCode, offCode) {
  return `\x1b[${on ? onCode : offCode}m`;
}

/**
 * The ANSI codes that lead from `previous` to `style`.
 * @param {typeof PLAIN} style
 * @param {typeof PLAIN} previous
 * @returns {string}
 */
export function cssToAnsi(style, previous) {
  let ansi = "";
  if (colorKey(style.backgroundColor) !== colorKey(previous.backgroundColor)) {
    ansi += colorCode(style.backgroundColor, 40);
  }
  if (colorKey(style.color) !== colorKey(previous.color)) ansi += colorCode(style.color, 30);
  if (style.bold !== previous.bold) ansi += sgr(style.bold, 1, 22);
  if (style.italic !== previous.italic) ansi += sgr(style.italic, 3, 23);
  const decoration = colorKey(style.decorationColor);
  if (decoration !== colorKey(previous.decorationColor)) {
    ansi += decoration === null ? "\x1b[59m" : `\x1b[58;2;${decoration}m`;
  }
  for (let i = 0; i < LINES.length; i++) {
    const name = LINES[i][0];
    if (style[name] !== previous[name]) ansi += sgr(style[name], LINES[i][1], LINES[i][2]);
  }
  return ansi;
}
