// Package press decides which presses count.
//
// The rule of this folder: a press counts for what its target showed when it was made. It knows names, texts and
// places of targets and times; it knows neither the toolkit nor what a target does. Fingers, mice and keys ask the
// same [Gate].
package press
