// Package recognize asks a language model behind an OpenAI-compatible endpoint who was struck by whom. Nothing of rapsheet needs it: it
// is one intel.Recognizer, and the example for writing another.
package recognize
