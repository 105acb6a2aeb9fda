// Package durable writes small files so that a power cut leaves the old content or the new one, whole.
//
// The rule of this folder: it is the one way to write a small file that has to survive a power cut. It imports nothing
// of the project.
package durable
