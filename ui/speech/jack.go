package speech

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Sensor tells whether a plug is in one of the computer's headphone jacks.
type Sensor interface {
	// Plugged returns an error if there is no jack that can tell.
	Plugged() (bool, error)
}

// Jack watches a Sensor.
type Jack struct {
	Sensor Sensor
	Log    *slog.Logger

	mu      sync.Mutex
	changed func(plugged bool)
	plugged bool
}

// Tell makes the watch call changed whenever a plug is put in or pulled out, and now if one is in. It must not block.
func (j *Jack) Tell(changed func(plugged bool)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.changed = changed
	if j.plugged {
		changed(true)
	}
}

// look is the time from one look at the sensor to the next.
const look = 300 * time.Millisecond

// Watch looks at the sensor until ctx is done. A sensor that fails, as with a sound card that was pulled out, is one
// without a plug; Watch goes on, since the card may come back.
func (j *Jack) Watch(ctx context.Context) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	failing := false
	for {
		plugged, err := j.Sensor.Plugged()
		if (err != nil) != failing {
			failing = err != nil
			j.note(err)
		}
		j.set(plugged && err == nil)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (j *Jack) set(plugged bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if plugged == j.plugged {
		return
	}
	j.plugged = plugged
	if j.changed != nil {
		j.changed(plugged)
	}
}

func (j *Jack) note(err error) {
	if err != nil {
		j.Log.Warn("no headphone jack can be read: the voice stays silent", "error", err)
		return
	}
	j.Log.Info("a headphone jack can be read")
}
