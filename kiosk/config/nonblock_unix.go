//go:build unix

package config

import "syscall"

// nonBlock opens a pipe without waiting for its other end.
const nonBlock = syscall.O_NONBLOCK
