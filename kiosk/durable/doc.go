// Package durable puts small files on disk so that a power cut leaves the old one or the new one, whole.
//
// The rule of this folder: one way to write a file that has to survive. It imports nothing of the project.
package durable
