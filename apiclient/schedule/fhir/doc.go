// Package fhir is the source of free cells that searches a FHIR server (HL7 FHIR R4, and R5 where it differs).
//
// The rule of this folder: it alone knows FHIR's resources. Pages of FHIR's specification are named as they are
// there, such as bundle.html; types with the suffix R4 are resources as a server sends them. What a server leaves out
// or writes in another way costs what it concerns, and no text of a server is in an error. The package imports
// apiclient and apiclient/schedule and knows no other source.
package fhir
