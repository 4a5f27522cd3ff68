package dev.etcddrill.recipe;

/** Which form of the guide's deployment is rendered. */
public enum Profile {
    /** The guide with its traps mended (docs/rules.md section 2). */
    CORRECTED("corrected"),
    /** The guide as it is written, with its traps. No renderer exists for it yet; reading a recipe refuses it. */
    GUIDE("guide");

    private final String text;

    Profile(String text) {
        this.text = text;
    }

    /** The word that stands for this profile in a recipe. */
    public String text() {
        return text;
    }
}
