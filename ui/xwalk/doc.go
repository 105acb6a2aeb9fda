// Package xwalk is a hand and an eye on an X display: it taps a window as a finger does, through the server, and takes pictures of what stands on the
// glass.
//
// The rule of this folder: it knows X and nothing of the program. It imports nothing of the project.
package xwalk
