// Package xwalk controls and observes a window through the X server: it taps the window as a finger does, and takes
// pictures of what the display shows.
//
// The rule of this folder: it knows X and nothing of the program. It imports nothing of the project. Only cmd/infomat
// imports it; ui/walk sees the interface walk.Hand.
package xwalk
