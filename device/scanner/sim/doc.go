// Package sim is a scanner in software at the other end of a pseudo-terminal, for the demo and for tests.
//
// The rule of this folder: it sends what it is told, as a scanner does, and knows nothing of who reads.
package sim
