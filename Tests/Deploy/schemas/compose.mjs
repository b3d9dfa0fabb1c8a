// Holds a compose file against the Compose Specification's schema. Says every mistake and fails.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { parse } from 'yaml';

const schemaFile = new URL('node_modules/dclint/schemas/compose.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
const isValid = new Ajv({ strict: false, allErrors: true, validateSchema: false, validateFormats: false }).compile(schema);
if (!isValid(parse(readFileSync(process.argv[2], 'utf8'), { merge: true }))) {
  isValid.errors.forEach(({ instancePath, message, params }) => console.error(instancePath, message, params));
  process.exit(1);
}
