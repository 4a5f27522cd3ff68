package dev.etcddrill.report;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report, parsed as XML: reading it is a test of its being well-formed. */
record Page(Document document) {
    static Page parse(String html) {
        try {
            return new Page(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html))));
        } catch (SAXException | ParserConfigurationException e) {
            throw new AssertionError("the page is not well-formed XML", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All elements of a name, in order of the page. */
    List<Element> elements(String name) {
        return list(document.getElementsByTagName(name));
    }

    static List<Element> elements(Element within, String name) {
        return list(within.getElementsByTagName(name));
    }

    private static List<Element> list(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int index = 0; index < nodes.getLength(); index++) {
            elements.add((Element) nodes.item(index));
        }
        return elements;
    }

    /** The element with that id. */
    Element byId(String id) {
        return elements("*").stream()
                .filter(element -> element.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no element has the id " + id));
    }

    /** What a reader sees of an element, with single spaces. */
    static String text(Node node) {
        return node.getTextContent().replaceAll("\\s+", " ").strip();
    }
}
