package sandbox

import (
	"io"

	"github.com/ttshop-go/ttshop/sandbox/internal/fixture"
)

// Fixtures are products, stock, buyers, orders and creators of a user's own, for
// [Config.Fixtures].
type Fixtures struct{ set *fixture.Set }

// ReadFixtures reads a file of fixtures in JSON, whose form [FixturesSchema]
// tells. An error names the line and what was expected there.
func ReadFixtures(r io.Reader) (*Fixtures, error) {
	set, err := fixture.Read(r)
	if err != nil {
		return nil, err
	}
	return &Fixtures{set}, nil
}

// FixturesSchema returns the JSON schema of a file of fixtures.
func FixturesSchema() []byte { return fixture.Schema() }
