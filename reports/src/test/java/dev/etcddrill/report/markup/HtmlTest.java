package dev.etcddrill.report.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class HtmlTest {
    @Property
    void anyTextIsShownAndNeverBecomesMarkup(@ForAll String text, @ForAll String attribute) throws Exception {
        String html = new Html()
                .start("p")
                .attribute("title", attribute)
                .text(text)
                .end("p")
                .complete();

        Element paragraph = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)))
                .getDocumentElement();
        assertThat(paragraph.getElementsByTagName("*").getLength()).isZero();
        assertThat(paragraph.getAttributes().getLength()).isEqualTo(1);
        if (text.chars().allMatch(character -> character >= ' ' && character < 0x7f)) {
            assertThat(paragraph.getTextContent()).isEqualTo(text);
        }
    }

    @Example
    void controlsAndLoneSurrogatesAreShownAsCode() {
        assertThat(new Html().element("p", "a\u0000\ud800b\u202e\ud83d\ude00\n").complete())
                .isEqualTo("<p>a\\u0000\\ud800b\\u202e\ud83d\ude00\n</p>");
    }

    @Example
    void emptyElementsCloseAsHtmlReadsThem() {
        assertThat(new Html()
                        .start("td")
                        .end("td")
                        .start("br")
                        .end("br")
                        .start("path")
                        .end("path")
                        .complete())
                .isEqualTo("<td></td><br/><path/>");
    }

    @Example
    void closingAnotherElementThanTheInnermostIsRefused() {
        Html html = new Html().start("ul").start("li");

        assertThatThrownBy(() -> html.end("ul"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected to close <li>, but was told to close <ul>");
    }

    @Example
    void anUnfinishedPageIsRefused() {
        Html html = new Html().start("p");

        assertThatThrownBy(html::complete)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[p]");
    }

    @Example
    void anAttributeAfterTextIsRefused() {
        Html html = new Html().start("p").text("x");

        assertThatThrownBy(() -> html.attribute("id", "y")).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void aStyleSheetThatHtmlAndXmlReadDifferentlyIsRefused() {
        Html html = new Html().start("style");

        assertThatThrownBy(() -> html.verbatim("</style><script>")).isInstanceOf(IllegalArgumentException.class);
    }
}
