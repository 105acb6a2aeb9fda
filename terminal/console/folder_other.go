//go:build !unix

package console

func rootsAlone(string) error { return nil }
