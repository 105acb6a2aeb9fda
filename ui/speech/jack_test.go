//go:build linux

package speech

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// socket is a headphone jack whose plug is put in and pulled out by the test.
type socket struct {
	mu      sync.Mutex
	plugged bool
	err     error
}

func (s *socket) Plugged() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plugged, s.err
}

func (s *socket) set(plugged bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plugged, s.err = plugged, err
}

// TestJack puts a plug in and pulls it out, and then the sound card with the plug in it.
func TestJack(t *testing.T) {
	s, told := &socket{}, make(chan bool, 10)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	j := &Jack{Sensor: s, Log: slog.New(slog.DiscardHandler)}
	j.Tell(func(in bool) { told <- in })
	go j.Watch(ctx)
	var got []bool
	for _, step := range [...]struct {
		in  bool
		err error
	}{{true, nil}, {false, nil}, {true, nil}, {true, errors.New("no such device")}, {true, nil}} {
		s.set(step.in, step.err)
		select {
		case in := <-told:
			got = append(got, in)
		case <-time.After(20 * time.Second):
			t.Fatalf("nothing was told after %v", got)
		}
	}
	if want := []bool{true, false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// TestALSAWithoutJack reads folders without a card, and a card that is no sound card.
func TestALSAWithoutJack(t *testing.T) {
	dir := t.TempDir()
	if in, err := (ALSA{Dir: dir}).Plugged(); in || !errors.Is(err, errNoJack) {
		t.Errorf("%v, %v", in, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "controlC0"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if in, err := (ALSA{Dir: dir}).Plugged(); in || err == nil {
		t.Errorf("%v, %v", in, err)
	}
}

// TestALSARequests compares the requests with those of the kernel's headers.
func TestALSARequests(t *testing.T) {
	if listElems != 0xC0505510 || readElem != 0xC4C85512 {
		t.Errorf("%#x, %#x", listElems, readElem)
	}
}

func TestWhichElementIsAJack(t *testing.T) {
	for name, want := range map[string]bool{
		"Headphone Jack": true, "Front Headphone Jack": true, "Headset Jack": true, "Headphone Mic Jack": true,
		"Mic Jack": false, "Headphone Playback Switch": false, "Headphone Phantom Jack": false, "Speaker Jack": false,
	} {
		if got := isHeadphoneJack(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
