// Package pin guards the diagnostics mode: it keeps a PIN of six digits as an argon2id hash, and counts the failures
// in a row in a file beside it, so that switching the terminal off does not clear them.
//
// The rule of this folder: a file that is missing or damaged keeps the lock shut. A count that cannot be written does
// not: it is kept in memory and each try has to wait. The package imports nothing of the project but durable.
package pin
