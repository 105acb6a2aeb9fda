package journal

import (
	"crypto/rand"
	"errors"
	"os"
)

// ballastSize is room for a few hundred entries. It is thrown overboard when the disk is full, so that a booking that has begun is recorded to its end.
const ballastSize = 256 << 10

func ballastFile(name string) string { return name + ".ballast" }

// loadBallast fills the ballast file, where it is not full already. Its bytes are random, so that no file system stores them as nothing.
func loadBallast(name string) error {
	if info, err := os.Stat(ballastFile(name)); err == nil && info.Size() == ballastSize {
		return nil
	}
	data := make([]byte, ballastSize)
	if _, err := rand.Read(data); err != nil {
		return err
	}
	f, err := os.OpenFile(ballastFile(name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name())) // half of it is in the way
	}
	return nil
}

// dropBallast tells whether there was any.
func dropBallast(name string) bool { return os.Remove(ballastFile(name)) == nil }
