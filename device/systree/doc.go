// Package systree makes trees of files that look like a computer's /dev and /sys.
//
// The rule of this folder: it is for the tests of the packages that list ports, and imports nothing of the project.
package systree
