//go:build !unix

package commands

import "os"

const noFollow = 0

func own(*os.File) error { return nil }
