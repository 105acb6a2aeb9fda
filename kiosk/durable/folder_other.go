//go:build !unix

package durable

func syncFolder(string) error { return nil }
