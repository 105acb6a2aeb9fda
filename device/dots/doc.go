// Package dots renders characters, QR codes and pictures as the dots of a thermal print head, black or
// blank.
//
// The rule of this folder: dots only; no commands, no lines of a ticket, no meaning. Both the encoder and
// the printer in software use it, as a host and a printer share their fonts. It imports nothing of the
// project.
package dots
