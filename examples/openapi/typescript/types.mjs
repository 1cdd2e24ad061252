// Writes the types of an OpenAPI document: node types.mjs DOCUMENT FILE
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const { factory } = ts;
const named = (name) => factory.createTypeReferenceNode(name);

// Known values are offered, and others are taken: "A" | "B" | (string & {}).
function open(values) {
  const others = factory.createIntersectionTypeNode([
    factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    factory.createTypeLiteralNode([]),
  ]);
  const known = values.map((v) => factory.createLiteralTypeNode(factory.createStringLiteral(v)));
  return factory.createUnionTypeNode([...known, factory.createParenthesizedType(others)]);
}

const [from, to] = process.argv.slice(2);
const types = await openapiTS(JSON.parse(await readFile(from, "utf8")), {
  transform(schema) {
    if (schema["x-extensible-enum"]) return open(schema["x-extensible-enum"]);
    if (schema.format === "binary") return named("Blob");
  },
});
await writeFile(to, astToString(types));
