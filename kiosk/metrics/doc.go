// Package metrics counts what a terminal does, for Prometheus.
//
// The rule of this folder: it watches states and times and changes nothing; a label has few values, all known
// beforehand, and none of them leads to a patient. It imports kiosk for the states, and nothing else of the project.
package metrics
