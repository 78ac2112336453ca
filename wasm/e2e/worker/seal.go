//go:build js

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"syscall/js"

	"flowpane/viewer/blob"
	"flowpane/viewer/seal"
	"flowpane/wasm/webcrypto"
)

// loseSubtle takes away what a page that came unencrypted does not have.
func loseSubtle() error {
	crypto := js.Global().Get("crypto")
	js.Global().Get("Object").Call("defineProperty", crypto, "subtle", map[string]any{"value": js.Undefined()})
	if crypto.Get("subtle").Truthy() {
		return errors.New("crypto.subtle is still there")
	}
	return nil
}

// sealed has the browser encrypt what a text in base64 says, and returns the key
// and the file.
func sealed(text string) (string, error) {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	var file bytes.Buffer
	w, err := seal.NewWriter(context.Background(), &file, webcrypto.New)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(plain); err != nil {
		return "", err
	}
	err = w.Close()
	return w.Key().Text() + " " + base64.StdEncoding.EncodeToString(file.Bytes()), err
}

// unsealed has the browser decrypt a file in base64, as a whole and then each
// thousandth byte alone, and returns what is in it.
func unsealed(key, text string) (string, error) {
	file, err1 := base64.StdEncoding.DecodeString(text)
	k, err2 := seal.ParseKey(key)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	src, err := seal.Open(context.Background(), blob.Bytes(file), k, webcrypto.New)
	if err != nil {
		return "", err
	}
	plain, err := blob.ReadAll(src)
	if err != nil {
		return "", err
	}
	for at := 0; at < len(plain); at += 1000 {
		one := make([]byte, 1)
		if n, err := src.ReadAt(one, int64(at)); n != 1 || err != nil || one[0] != plain[at] {
			return "", fmt.Errorf("byte %d: %d, %w", at, n, err)
		}
	}
	return base64.StdEncoding.EncodeToString(plain), nil
}
