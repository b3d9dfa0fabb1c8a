// Holds Kubernetes objects against their schemas, required fields among them. Says every mistake and fails.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const packageOf = (group) =>
  group.startsWith('gateway.') ? '@kubernetes-models/gateway-api' : 'kubernetes-models';

for (const document of parseAllDocuments(readFileSync(process.argv[2], 'utf8'))) {
  const value = document.toJS();
  const types = await import(`${packageOf(value.apiVersion)}/${value.apiVersion}`);
  try {
    new types[value.kind](value).validate();
  } catch (error) {
    console.error(`${value.kind} ${value.metadata?.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
