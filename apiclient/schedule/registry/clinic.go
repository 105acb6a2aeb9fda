package registry

import (
	"context"
	"fmt"
	"strings"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// clinicPage has the properties of apiclient.LPUWithStatus that are used. The others may have any type.
type clinicPage struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Children *bool  `json:"isChildrenPolyclinic"` // nil: not told

	unread []string // names of the properties that cannot be read
}

// clinicRequest is the page of the clinic.
func (r *Source) clinicRequest() request {
	return request{path: r.path(r.options.ClinicPath, ""), convert: convertClinic}
}

// convertClinic converts the page of the clinic to a clinicPage.
func convertClinic(data []byte) (any, error) {
	var c clinicPage
	problems, err := apiclient.DecodeLenient(data, &c)
	if err != nil {
		return nil, fmt.Errorf("the answer: %w", err)
	}
	for _, p := range problems {
		c.unread = append(c.unread, p.Field)
	}
	c.Name, c.Phone = c.short("name", c.Name), c.short("phone", c.Phone)
	return c, nil
}

// short returns a text without blanks around it. One that is too long is not read.
func (c *clinicPage) short(name, text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxText {
		c.unread = append(c.unread, name)
		return ""
	}
	return text
}

// after returns the page in which what cannot be read, and a kind of clinic that is not told, are those of an
// earlier page.
func (c clinicPage) after(before clinicPage) clinicPage {
	if c.Children == nil {
		c.Children = before.Children
	}
	unread := c.unread
	c.unread = nil
	for _, name := range unread {
		known := c.Children != nil
		switch name {
		case "name":
			c.Name, known = before.Name, before.Name != ""
		case "phone":
			c.Phone, known = before.Phone, before.Phone != ""
		}
		if !known {
			c.unread = append(c.unread, name)
		}
	}
	return c
}

// clinic reads the clinic. What cannot be read stays as it was read last, however long ago, because it hardly
// ever changes; what was never read is counted.
func (g *reading) clinic(ctx context.Context) schedule.Clinic {
	f := g.get(ctx, clinicKey, g.registry.clinicRequest())
	last, known := g.pages.last(clinicKey)
	if !f.ok && !known {
		g.dropped.AddError(schedule.ClinicUnread, clinicKey, f.cause)
		return schedule.Clinic{}
	}
	if !f.ok {
		f.page = last
	}
	before, _ := last.value.(clinicPage) // of this key
	now, _ := f.value.(clinicPage)
	now = now.after(before)
	f.value = now
	g.pages.use(clinicKey, f.page)
	for _, name := range now.unread {
		g.dropped.Add(schedule.ClinicUnread, clinicKey+"."+name)
	}
	return schedule.Clinic{Name: now.Name, Phone: now.Phone, Children: now.Children != nil && *now.Children}
}
