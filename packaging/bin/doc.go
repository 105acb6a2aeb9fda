// Package bin holds the scripts that the package installs in /usr/lib/infomat and root runs, and their tests.
//
// The rule of this folder: a script is POSIX sh, short, says at its top who runs it and what it trusts, and passes
// shellcheck. Nothing that the terminal's service or a device can choose becomes a path, a command or an option.
package bin
