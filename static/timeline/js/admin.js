// Select boxes of countries show the flag that the server sends with each answer.
"use strict";
{
  const withFlag = (choice) => {
    const address = choice.flag || choice.element?.dataset.flag;
    if (!address) return choice.text;
    const line = document.createElement("span");
    const picture = document.createElement("img");
    picture.className = "flag";
    picture.src = address;
    picture.alt = "";
    line.append(picture, " ", choice.text);
    return django.jQuery(line);
  };
  django.jQuery.fn.select2.defaults.set("templateResult", withFlag);
  django.jQuery.fn.select2.defaults.set("templateSelection", withFlag);
}
