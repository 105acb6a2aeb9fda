package terminal

import (
	"net"
	"os"
	"strings"
	"time"

	"infomat/apiclient/schedule"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// Started is the instant at which the program began.
var Started = time.Now()

// overview is the first page of the diagnostics mode: each watched part, since when it is as it is, and what the
// terminal is.
type overview struct {
	watch    func() health.Snapshot
	store    *schedule.Store
	results  *results
	clinic   func() string
	settings func() config.Config
}

func (o *overview) facts(words health.Language) []desk.Fact {
	all := o.health(words)
	if c, _ := o.store.Snapshot(time.Now()); c != nil {
		doctors, cells := c.Count(time.Now())
		all = append(all, desk.Fact{Name: "offer", Value: words.Text("service.timetable_age", map[string]any{
			"Doctors": doctors, "Cells": cells, "Seconds": int(time.Since(c.Oldest()).Seconds()),
		})})
	}
	if r := o.results.report(diag.Names); len(r.Findings) > 0 {
		all = append(all, desk.Fact{Name: "last", Value: since(words, diag.Verdict(r, words), r.At), Level: r.Worst()})
	}
	for _, f := range o.results.report(diag.Judged).Findings {
		all = append(all, desk.Fact{Name: string(f.Part), Value: f.SayJudged(words), Level: f.Level})
	}
	host, _ := os.Hostname() // blank where it has none
	return append(all,
		desk.Fact{Name: "clinic", Value: o.clinic()},
		desk.Fact{Name: "url", Value: diag.Mask(o.settings().Registry.URL, config.Secret)},
		desk.Fact{Name: "version", Value: Version},
		desk.Fact{Name: "uptime", Value: time.Since(Started).Round(time.Second).String()},
		desk.Fact{Name: "host", Value: host},
		desk.Fact{Name: "addresses", Value: strings.Join(addresses(), ", ")})
}

// health returns what the watch knows. The operator's part is left out while it is in order.
func (o *overview) health(words health.Language) []desk.Fact {
	now := o.watch()
	mode := words.Text("service.health.level."+strings.ReplaceAll(now.Mode.String(), " ", "_"), nil)
	if now.Service.Down != "" {
		mode += " " + words.Text("closed.sub."+string(now.Service.Down), nil)
	}
	all := []desk.Fact{{Name: "service", Value: since(words, mode, now.Since), Level: now.Mode.Level()}}
	for _, p := range now.Parts {
		if p.Part == health.PartOperator && p.Level == health.OK {
			continue
		}
		all = append(all, desk.Fact{Name: string(p.Part), Value: since(words, p.Say(words), p.Since), Level: p.Level})
	}
	return all
}

// since adds when something began.
func since(words health.Language, what string, at time.Time) string {
	return words.Text("service.since", map[string]any{"What": what, "At": at.Format("02.01 15:04:05")})
}

// addresses returns the terminal's own addresses, without the loopback.
func addresses() (all []string) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return []string{err.Error()}
	}
	for _, n := range nets {
		if ip, ok := n.(*net.IPNet); ok && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() {
			all = append(all, ip.IP.String())
		}
	}
	return all
}
