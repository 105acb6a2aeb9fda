package walk

import (
	"context"

	"infomat/kiosk"
)

// Identity is what a patient who says who he is types. It is invented.
type Identity struct {
	Policy   string // sixteen digits
	Birthday string // DDMMYYYY
}

// identify goes from the welcome screen to the list of specialities by policy and birth date.
func (p *Player) identify(ctx context.Context, who Identity) error {
	typed := func(step kiosk.Step) func(kiosk.State) bool {
		return func(s kiosk.State) bool { return s.Step == step }
	}
	released, err := p.tap(ctx, "start", nil)
	if err == nil {
		err = p.arrive(ctx, kiosk.StepWho, released, always)
	}
	if err != nil {
		return err
	}
	if released, err = p.tap(ctx, "who.enter", nil); err == nil {
		err = p.arrive(ctx, kiosk.StepPolicy, released, always)
	}
	if err != nil {
		return err
	}
	if err := p.keys(ctx, who.Policy, typed(kiosk.StepPolicy)); err != nil {
		return err
	}
	if err := p.keep(ctx, "policy-typed", 0); err != nil {
		return err
	}
	if released, err = p.tap(ctx, "key.next", nil); err == nil {
		err = p.arrive(ctx, kiosk.StepBirth, released, always)
	}
	if err != nil {
		return err
	}
	if err := p.keys(ctx, who.Birthday, typed(kiosk.StepBirth)); err != nil {
		return err
	}
	if released, err = p.tap(ctx, "key.next", nil); err != nil {
		return err
	}
	return p.arrive(ctx, kiosk.StepSpeciality, released, loaded)
}

// keys taps digits one after the other, each when the page has shown the one before.
func (p *Player) keys(ctx context.Context, digits string, on func(kiosk.State) bool) error {
	for _, d := range digits {
		before := p.Shell.State().Keys
		if _, err := p.tap(ctx, "key."+string(d), nil); err != nil {
			return err
		}
		shown := func(s kiosk.State) bool { return on(s) && s.Keys > before }
		if _, err := p.wait(ctx, "a digit", shown); err != nil {
			return err
		}
	}
	return nil
}
