package speech

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"infomat/ui/speech/ears"
)

// program describes how to use a speech program.
type program struct {
	name string
	say  func(r reading) []string // returns the arguments for reading standard input
	hush []string                 // arguments that stop the speech; nil: killing the program is enough
}

// programs lists the supported speech programs in order of preference. spd-say: -e reads standard input line by
// line, -w waits until the text is spoken, -C cancels all messages (src/clients/say in speech-dispatcher).
// -r and -i are rate and volume from -100 to 100; its modules take 0 for 175 words per minute and 100 for 450.
// espeak-ng: -s is the rate in words per minute, -a the volume (espeak-ng(1)). From 0 to 100 it is linear, and the same
// as that of speech-dispatcher's module; what is louder than 100 is distorted.
var programs = [...]program{
	{"spd-say", func(r reading) []string {
		rate := (r.rate - usualRate) * 100 / (450 - usualRate)
		if r.rate < usualRate {
			rate = (r.rate - usualRate) * 100 / (usualRate - 80)
		}
		return []string{
			"-e", "-w", "-r", strconv.Itoa(max(-100, min(rate, 100))), "-i", strconv.Itoa(2*r.volume - 100), "-l", r.language,
		}
	}, []string{"-C"}},
	{"espeak-ng", func(r reading) []string {
		return []string{"--stdin", "-s", strconv.Itoa(r.rate), "-a", strconv.Itoa(r.volume), "-v", r.language}
	}, nil},
}

// usualRate is the rate of the programs if they are told none, in words per minute.
const usualRate = 175

// patience is how long one text may take. A page takes at most two minutes; a program that hangs is killed.
const patience = 4 * time.Minute

// Voice reads texts aloud, one request at a time. A new request cancels the previous one. Its methods are safe for
// concurrent use.
type Voice struct {
	options  Options
	found    []program // in order of preference; the first one is used until it fails
	patience time.Duration
	requests chan request
	speaking atomic.Int32
}

// Options are what a site has set.
type Options struct {
	Rate   int // words per minute
	Volume int // 0 to 100
	Log    *slog.Logger
}

type request struct {
	rate, volume int           // words per minute, 0 to 100
	phrases      []ears.Phrase // empty: stop reading
	after        bool          // does not cancel what is being read
}

// reading is the part of a request that one run of a program reads.
type reading struct {
	language     string   // of the texts
	rate, volume int      // words per minute, 0 to 100
	texts        []string // what one run of a program reads
}

// Find returns a Voice that uses the speech programs found in $PATH, or nil if there is none.
func Find(o Options) *Voice {
	v := &Voice{options: o, patience: patience, requests: make(chan request, 1)}
	for _, p := range programs {
		if _, err := exec.LookPath(p.name); err == nil {
			v.found = append(v.found, p)
		}
	}
	if len(v.found) == 0 {
		return nil
	}
	return v
}

// Say reads phrases aloud and cancels what is being read. Rate and volume are 0 for those of the options, 1 for more
// and -1 for less; the volume also is 2 for the loudest and -2 for the softest. It never blocks. Run must be running.
func (v *Voice) Say(rate, volume int, phrases []ears.Phrase) {
	v.ask(v.request(rate, volume, phrases))
}

// Add reads phrases aloud after what is being read. It never blocks.
func (v *Voice) Add(rate, volume int, phrases []ears.Phrase) {
	r := v.request(rate, volume, phrases)
	r.after = true
	v.ask(r)
}

func (v *Voice) request(rate, volume int, phrases []ears.Phrase) request {
	return request{
		phrases: phrases, rate: v.options.Rate + rate*v.options.Rate/3, volume: volumeOf(v.options.Volume, volume),
	}
}

// Stop cancels what is being read. It never blocks.
func (v *Voice) Stop() { v.ask(request{}) }

// Speaking reports whether something is being read.
func (v *Voice) Speaking() bool { return v.speaking.Load() > 0 || len(v.requests) > 0 }

// ask queues a request for Run. It takes the place of the one that is still waiting, if any, or joins it.
func (v *Voice) ask(r request) {
	for {
		select {
		case v.requests <- r:
			return
		default:
		}
		select {
		case waiting := <-v.requests:
			if r.after && len(waiting.phrases) > 0 {
				r.phrases, r.after = slices.Concat(waiting.phrases, r.phrases), waiting.after
			}
		default:
		}
	}
}

// Run handles requests until ctx is done. Speech has stopped when it returns.
func (v *Voice) Run(ctx context.Context) {
	now := &utterance{} // what is being read
	defer func() { v.cancel(now) }()
	var next request
	for {
		select {
		case <-ctx.Done():
			return
		case <-now.ended:
			v.cancel(now)
			now, next = v.speak(ctx, next), request{}
		case r := <-v.requests:
			if r.after && now.ended != nil {
				r.phrases = slices.Concat(next.phrases, r.phrases)
				next = r
				continue
			}
			v.cancel(now)
			now, next = v.speak(ctx, r), request{}
		}
	}
}

// utterance is a request that is being read. The zero value is none.
type utterance struct {
	cancel context.CancelFunc
	ended  chan struct{}
	order  []program
	failed int // of order; to be read when it has ended
}

// readings returns the parts of a request in turn, each in one language: a voice speaks one.
func (r request) readings() (all []reading) {
	for _, p := range r.phrases {
		if n := len(all); n > 0 && all[n-1].language == p.Language {
			all[n-1].texts = append(all[n-1].texts, p.Text)
			continue
		}
		all = append(all, reading{p.Language, r.rate, r.volume, []string{p.Text}})
	}
	return all
}

// speak starts to read a request. A program that fails leaves what is not read yet to the next one.
func (v *Voice) speak(ctx context.Context, r request) *utterance {
	if len(r.phrases) == 0 {
		return &utterance{}
	}
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	u := &utterance{cancel: cancel, ended: make(chan struct{}), order: v.found}
	v.speaking.Add(1)
	go func() {
		defer close(u.ended)
		defer v.speaking.Add(-1)
		for rest := r.readings(); len(rest) > 0 && u.failed < len(u.order); {
			if v.run(ctx, u.order[u.failed], rest[0]) != nil {
				u.failed++
			} else {
				rest = rest[1:]
			}
		}
	}()
	return u
}

// cancel ends what is being read and waits until the speech program has ended.
func (v *Voice) cancel(u *utterance) {
	if u.ended == nil {
		return
	}
	running := true
	select {
	case <-u.ended:
		running = false
	default:
	}
	u.cancel()
	<-u.ended
	n := u.failed % len(u.order)
	v.found = slices.Concat(u.order[n:], u.order[:n])
	if p := u.order[n]; running && p.hush != nil {
		v.hush(p)
	}
}

// run runs a speech program to its end.
func (v *Voice) run(ctx context.Context, p program, r reading) error {
	c := exec.CommandContext(ctx, p.name, p.say(r)...)
	c.Stdin, c.WaitDelay = strings.NewReader(script(r.texts)), time.Second
	err := c.Run()
	if err == nil || errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	v.options.Log.Warn("the speech program failed", "program", p.name, "error", err)
	return err
}

// hush stops speech that goes on after the client program has ended, as with speech-dispatcher.
func (v *Voice) hush(p program) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, p.name, p.hush...)
	c.WaitDelay = time.Second
	if err := c.Run(); err != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		v.options.Log.Warn("stopping the speech failed", "program", p.name, "error", err)
	}
}

// script returns the input of the speech program, one line per line of text. Each line begins with a space,
// because spd-say takes a line that begins with "!-!" as a command.
func script(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		for line := range strings.Lines(text) {
			b.WriteString(" " + strings.TrimSpace(line) + "\n")
		}
	}
	return b.String()
}
