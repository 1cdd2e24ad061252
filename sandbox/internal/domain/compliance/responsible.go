package compliance

import (
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// responsiblePerson answers for goods in the European Union.
type responsiblePerson = registered[responsibleProfile]

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

func (p responsibleProfile) locale() string { return p.Locale }

func (p responsibleProfile) in(locale string) responsibleProfile {
	p.Locale = locale
	return p
}

func (p responsibleProfile) names() []string { return []string{p.Name} }

func responsibleOf(r *register) *[]responsiblePerson { return &r.Responsible }

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

func (in *responsibleInput) language() string { return in.Locale }

func (in *responsibleInput) check() *gate.Failure {
	if f := checkEmail(invent.Deref(in.Email)); f != nil {
		return f
	}
	union := unionCountries()
	if a := in.Address; a != nil && union[a.Country] == "" {
		return gate.Fail(codePersonCountry, "'address.country' takes the two letters of a country of the European Union")
	}
	if in.Phone == nil {
		return nil
	}
	prefix := strings.TrimPrefix(in.Phone.Country, "+")
	known := slices.Contains(slices.Collect(maps.Values(union)), prefix)
	if f := in.Phone.check(); f != nil {
		if f.Code == codePhonePrefix { // this register has one code for all prefixes
			f = gate.Fail(codePersonPrefix, f.Message)
		}
		return f
	}
	if !known {
		return gate.Fail(codePersonPrefix, "'phone_number.country_code' is not that of a country of the European Union")
	}
	return nil
}

// apply takes over what was sent. Phone number and address are replaced as a
// whole.
func (in *responsibleInput) apply(p *responsibleProfile) {
	invent.Take(&p.Name, in.Name)
	invent.Take(&p.Email, in.Email)
	invent.Take(&p.Phone, in.Phone)
	invent.Take(&p.Address, in.Address)
	p.Phone.Availability = ""
}

func createResponsiblePerson(c *gate.Call) *gate.Failure {
	id, f := enter(c, responsibleOf, &responsibleInput{})
	if f == nil {
		c.JSON(struct {
			ID string `json:"responsible_person_id"`
		}{id})
	}
	return f
}

// editResponsiblePerson changes a responsible person in one language.
func editResponsiblePerson(c *gate.Call) *gate.Failure {
	return amend(c, "responsible person", responsibleOf, &responsibleInput{})
}

// findResponsible answers a page of the register.
func findResponsible(c *gate.Call, show func(p *responsiblePerson, s *registerSearch) any) *gate.Failure {
	list, end, f := lookThrough(c, "responsible persons", responsibleOf, show)
	if f == nil {
		c.JSON(struct {
			List []any `json:"responsible_persons"`
			gate.PageEnd
		}{list, end})
	}
	return f
}

// searchResponsible shows the profiles of the languages that are asked for.
func searchResponsible(c *gate.Call) *gate.Failure {
	return findResponsible(c, func(p *responsiblePerson, s *registerSearch) any { return p.inLocales(s.locales) })
}

// searchResponsible202409 shows one language.
func searchResponsible202409(c *gate.Call) *gate.Failure {
	return findResponsible(c, func(p *responsiblePerson, _ *registerSearch) any {
		profile := p.Profiles[0]
		profile.Locale = ""
		return struct {
			ID string `json:"id"`
			responsibleProfile
		}{p.ID, profile}
	})
}
