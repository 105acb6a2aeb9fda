package terminal

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"infomat/kiosk/diag"
)

// players are the programs that can play a file of sound, in order of preference.
var players = [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}}

// playWithin bounds the tone of the sound check.
const playWithin = 10 * time.Second

// player returns a function that plays a short tone; nil where the system has no sound.
func player() func(context.Context) error {
	for _, p := range players {
		path, err := exec.LookPath(p[0])
		if err != nil {
			continue
		}
		return func(ctx context.Context) error { return play(ctx, path, p[1:]) }
	}
	return nil
}

func play(ctx context.Context, program string, args []string) error {
	ctx, cancel := context.WithTimeout(ctx, playWithin)
	defer cancel()
	f, err := os.CreateTemp("", "infomat-tone-*.wav")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := writeFile(f.Name(), func(f *os.File) error { _, err := f.Write(diag.Tone()); return err }); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, program, append(args, f.Name())...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}
