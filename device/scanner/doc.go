// Package scanner reads codes: from a scanner on a serial line, and from one that types like a keyboard (a wedge).
//
// The rule of this folder: bytes or keys go in, and a [Scan] comes out. Everything has a bound, nothing of a code is
// logged or kept, and every buffer is overwritten when its code has been read. What a code holds is decided in one
// place, policy.go. What it means for a visit is decided elsewhere.
package scanner
