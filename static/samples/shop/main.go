// Command shop writes the sample session: a mitmproxy dump of flow format 21
// with a visit to an invented shop. It writes the same bytes each time.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "shop.mitm", "the file to write")
	flag.Parse()
	var b bytes.Buffer
	for _, f := range visit() {
		b.Write(encode(f))
	}
	if err := os.WriteFile(*out, b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
