// Rewrites what esbuild made of the built-ins, so that the snapshot has less to hold:
//   node sink_lazy.cjs <bundle>
// Of a module that is evaluated later (js/bootstrap/lazy.js) esbuild makes
//   function f(){…} var a,b; var init_m=__esm({"m.js"(){a=1;b=2}});
// with its functions and variables in the scope of the whole bundle: each function is an object of
// the snapshot, each name a string of it and an entry of the scope's table, whether or not a program
// ever comes to it. Here they go into the module:
//   var b,f; var init_m=__esm({"m.js"(){var a;f=function f(){…};a=1;b=2}});
// What other modules mention stays where they see it. Unlike before, a function of a module is not
// there before the module is evaluated.
"use strict";
const fs = require("node:fs");
const ts = require("typescript");

const [, , file] = process.argv;
const text = fs.readFileSync(file, "latin1");
const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);

function fail(why) {
  console.error(`sink_lazy: ${file}: ${why}`);
  process.exit(1);
}

const start = (node) => node.getStart(tree);

/** The statements of `(()=>{…})()`. */
function bundleStatements() {
  for (const statement of tree.statements) {
    let at = statement.expression;
    while (at && (ts.isCallExpression(at) || ts.isParenthesizedExpression(at))) at = at.expression;
    if (at && ts.isArrowFunction(at) && ts.isBlock(at.body)) return at.body.statements;
  }
  return fail("is not one function that is called");
}

/** Whether an identifier is no variable but the name of a property. */
function isPropertyName(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent);
  return named && parent.name === node;
}

/** Where each name is mentioned. Other variables of the same name count as well: that is safe. */
const mentions = new Map();
(function collect(node) {
  if (ts.isIdentifier(node) && !isPropertyName(node)) {
    const places = mentions.get(node.text);
    if (places) places.push(start(node));
    else mentions.set(node.text, [start(node)]);
  }
  ts.forEachChild(node, collect);
})(tree);

const edits = []; // [start, end, text instead]
const replace = (node, instead) => edits.push([start(node), node.end, instead]);

/** Puts functions and variables, which are before the module's function, into its body. */
function sink(body, functions, variables) {
  const inside = [...functions, body].map((node) => [start(node), node.end]);
  const isPrivate = (name) =>
    mentions
      .get(name.text)
      .every(
        (at) => at === start(name) || inside.some(([from, to]) => at >= from && at < to),
      );
  const sunk = [];
  let first = "";
  for (const statement of variables) {
    const kept = [];
    for (const { name } of statement.declarationList.declarations) {
      (isPrivate(name) ? sunk : kept).push(name.text);
    }
    replace(statement, kept.length > 0 ? `var ${kept.join(",")};` : "");
  }
  for (const declared of functions) {
    const whole = text.slice(start(declared), declared.end);
    if (isPrivate(declared.name)) {
      first += `${whole}\n`;
      replace(declared, "");
    } else {
      first += `${declared.name.text}=${whole};`;
      replace(declared, `var ${declared.name.text};`);
    }
  }
  if (sunk.length > 0) first = `var ${sunk.join(",")};${first}`;
  const at = start(body) + 1;
  edits.push([at, at, first]);
}

let functions = [];
let variables = [];
let modules = 0;
for (const statement of bundleStatements()) {
  if (ts.isFunctionDeclaration(statement)) {
    functions.push(statement);
    continue;
  }
  if (!ts.isVariableStatement(statement)) continue;
  const { declarations } = statement.declarationList;
  if (declarations.every(({ name, initializer }) => ts.isIdentifier(name) && !initializer)) {
    variables.push(statement);
    continue;
  }
  for (const { initializer } of declarations) {
    if (!initializer || !ts.isCallExpression(initializer)) continue;
    const maker = initializer.expression.text;
    if (maker !== "__esm" && maker !== "__commonJS") continue;
    if (declarations.length > 1) fail("a module's function is declared with other variables");
    if (maker === "__esm") {
      const { body } = initializer.arguments[0].properties[0];
      sink(body, functions, variables);
      ++modules;
    }
    functions = [];
    variables = [];
  }
}
if (modules === 0) fail("has no lazy modules");

edits.sort((a, b) => a[0] - b[0]);
let made = "";
let copied = 0;
for (const [from, to, instead] of edits) {
  made += text.slice(copied, from) + instead;
  copied = to;
}
fs.writeFileSync(file, made + text.slice(copied), "latin1");
