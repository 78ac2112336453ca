package static_test

import (
	"strings"
	"testing"

	"flowpane/static"
)

// Only the engine's worker may ask other sites for anything.
func TestPolicyOf(t *testing.T) {
	for path, elsewhere := range map[string]bool{
		"/worker.js": true, "/worker.0123456789ab.js": true,
		"/": false, "/index.html": false, "/boot.0123456789ab.js": false, "/reader.0123456789ab.js": false, "/sw.js": false,
		"/sessions/worker.js": false, "/worker.0123456789ab.js/": false, "/worker.har": false,
	} {
		policy := static.PolicyOf(path)
		if got := strings.Contains(policy, "connect-src http: https:"); got != elsewhere {
			t.Errorf("%s: %s", path, policy)
		}
		if !elsewhere && !strings.Contains(policy, "connect-src 'self'") {
			t.Errorf("%s: %s", path, policy)
		}
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval';") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}
