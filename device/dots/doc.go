// Package dots is what a thermal head prints: characters, QR codes and pictures as dots that are black or blank.
//
// The rule of this folder: dots and nothing else; no command, no line, no meaning. Who sends a picture and who draws the paper of the printer in
// software share it as a printer and its host share the alphabet. It imports nothing of the project.
package dots
