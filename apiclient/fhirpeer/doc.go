// Package fhirpeer starts a real FHIR server for tests: Medplum's FHIR router over its repository in memory,
// in Node.js. It keeps and searches resources as HL7 FHIR R4 says and is not written for this project, so the
// tests of the source of free cells do not only compare it with the simulated registry.
//
// The server's packages are pinned in server/package-lock.json. They are installed by npm once, into
// build/fhirpeer of the module, and are used by tests only. Without Node.js or without the packages a test
// fails; see scripts/setup.sh.
//
// It is not Medplum's whole server. It ignores _include and has no chained parameters; both are common among
// FHIR servers.
package fhirpeer
