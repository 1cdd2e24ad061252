package sandbox

import (
	"maps"
	"slices"
	"strings"
)

// responsiblePerson answers for goods in the European Union, as each language
// of its markets has it.
type responsiblePerson struct {
	ID       string               `json:"id"`
	Profiles []responsibleProfile `json:"regional_profiles"`
}

type responsibleProfile struct {
	Locale  string             `json:"locale,omitempty"`
	Name    string             `json:"name"`
	Email   string             `json:"email"`
	Phone   phoneNumber        `json:"phone_number"`
	Address responsibleAddress `json:"address"`
}

type responsibleAddress struct {
	Line1      string `json:"street_address_line1"`
	Line2      string `json:"street_address_line2,omitempty"`
	District   string `json:"district,omitempty"`
	City       string `json:"city,omitempty"`
	PostalCode string `json:"postal_code"`
	Province   string `json:"province,omitempty"`
	Country    string `json:"country"`
}

// everywhere returns the profile in every language.
func (p responsibleProfile) everywhere() (list []responsibleProfile) {
	for _, locale := range registerLocales() {
		p.Locale = locale
		list = append(list, p)
	}
	return list
}

// profile returns the profile of a language.
func (p *responsiblePerson) profile(locale string) *responsibleProfile {
	for i := range p.Profiles {
		if p.Profiles[i].Locale == locale {
			return &p.Profiles[i]
		}
	}
	return &p.Profiles[0]
}

// person returns a responsible person by its id, or nil.
func (r *register) person(id string) *responsiblePerson {
	for i := range r.Responsible {
		if r.Responsible[i].ID == id {
			return &r.Responsible[i]
		}
	}
	return nil
}

type responsibleInput struct {
	Locale  string              `json:"locale"`
	Name    *string             `json:"name"`
	Email   *string             `json:"email"`
	Phone   *phoneNumber        `json:"phone_number"`
	Address *responsibleAddress `json:"address"`
}

// unionCountries are the countries of the European Union with their calling
// codes.
func unionCountries() map[string]string {
	return map[string]string{
		"AT": "43", "BE": "32", "BG": "359", "HR": "385", "CY": "357", "CZ": "420", "DK": "45", "EE": "372", "FI": "358",
		"FR": "33", "DE": "49", "GR": "30", "HU": "36", "IE": "353", "IT": "39", "LV": "371", "LT": "370", "LU": "352",
		"MT": "356", "NL": "31", "PL": "48", "PT": "351", "RO": "40", "SK": "421", "SI": "386", "ES": "34", "SE": "46",
	}
}

func (in *responsibleInput) check() *failure {
	if f := checkEmail(deref(in.Email)); f != nil {
		return f
	}
	union := unionCountries()
	if a := in.Address; a != nil && union[a.Country] == "" {
		return fail(codePersonCountry, "'address.country' takes the two letters of a country of the European Union")
	}
	if in.Phone == nil {
		return nil
	}
	prefix := strings.TrimPrefix(in.Phone.Country, "+")
	known := slices.Contains(slices.Collect(maps.Values(union)), prefix)
	if f := in.Phone.check(); f != nil {
		if f.code == codePhonePrefix { // this register has one code for all prefixes
			f = fail(codePersonPrefix, f.message)
		}
		return f
	}
	if !known {
		return fail(codePersonPrefix, "'phone_number.country_code' is not that of a country of the European Union")
	}
	return nil
}

// apply takes over what was sent. Phone number and address are replaced as a
// whole.
func (in *responsibleInput) apply(p *responsibleProfile) {
	take(&p.Name, in.Name)
	take(&p.Email, in.Email)
	take(&p.Phone, in.Phone)
	take(&p.Address, in.Address)
	p.Phone.Availability = ""
}

func createResponsiblePerson(c *call) *failure {
	var in responsibleInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return c.registering(true, func(r *register) *failure {
		if f := in.check(); f != nil {
			return f
		}
		var profile responsibleProfile
		in.apply(&profile)
		p := responsiblePerson{r.IDs.new(), profile.everywhere()}
		r.Responsible = append(r.Responsible, p)
		c.json(struct {
			ID string `json:"responsible_person_id"`
		}{p.ID})
		return nil
	})
}

// editResponsiblePerson changes a responsible person in one language.
func editResponsiblePerson(c *call) *failure {
	var in responsibleInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return c.registering(true, func(r *register) *failure {
		p := r.person(c.param(0))
		if p == nil {
			return c.stranger("responsible person", func(r *register, id string) bool { return r.person(id) != nil })
		}
		if f := in.check(); f != nil {
			return f
		}
		in.apply(p.profile(in.Locale))
		return nil
	})
}

// findResponsible returns a page of the register.
func (c *call) findResponsible(show func(p *responsiblePerson, s *registerSearch) any) *failure {
	search, f := c.registerQuery("responsible persons")
	if f != nil {
		return f
	}
	return c.registering(false, func(r *register) *failure {
		found, next, total := paginate(r.Responsible, true, search.after, search.size,
			func(p responsiblePerson) cursor { return cursor{0, number(p.ID)} },
			func(p responsiblePerson) bool {
				return search.matches(p.ID, each(p.Profiles, func(p responsibleProfile) string { return p.Name })...)
			})
		answer := struct {
			List []any `json:"responsible_persons"`
			pageEnd
		}{[]any{}, c.pageEnd(next, search.scope, total)}
		for i := range found {
			answer.List = append(answer.List, show(&found[i], search))
		}
		c.json(answer)
		return nil
	})
}

// searchResponsible shows the profiles of the languages that are asked for.
func searchResponsible(c *call) *failure {
	return c.findResponsible(func(p *responsiblePerson, s *registerSearch) any {
		shown := responsiblePerson{p.ID, []responsibleProfile{}}
		for _, locale := range s.locales {
			shown.Profiles = append(shown.Profiles, *p.profile(locale))
		}
		return shown
	})
}

// searchResponsible202409 shows one language.
func searchResponsible202409(c *call) *failure {
	return c.findResponsible(func(p *responsiblePerson, _ *registerSearch) any {
		profile := p.Profiles[0]
		profile.Locale = ""
		return struct {
			ID string `json:"id"`
			responsibleProfile
		}{p.ID, profile}
	})
}
